/// The accounts that the agents need, made and kept true on the primary through `root`. Nothing
/// else is done as `root`, and nothing here touches an account that is not ours.
@NullMarked
package mysqlagents.sidecar.accounts;

import org.jspecify.annotations.NullMarked;
