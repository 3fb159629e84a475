/// The clone protocol between donor and recipient: names, headers, receipt, status. Its contract in
/// prose is `docs/clone-protocol.md`.
@NullMarked
package mysqlagents.wire;

import org.jspecify.annotations.NullMarked;
