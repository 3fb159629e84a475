/// Sets up replication once, from the journal, and from then on watches over it. Nothing here knows
/// of HTTP.
@NullMarked
package mysqlagents.sidecar.replication;

import org.jspecify.annotations.NullMarked;
