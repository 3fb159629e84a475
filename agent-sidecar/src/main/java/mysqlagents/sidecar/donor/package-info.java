/// The donor's side of the clone protocol: one backup at a time, its tool's process, and the HTTP
/// port that it is served on.
@NullMarked
package mysqlagents.sidecar.donor;

import org.jspecify.annotations.NullMarked;
