/// The small files under `/volume/agent` that outlive every process: what was cloned, and how far
/// replication has been set up.
@NullMarked
package mysqlagents.journal;

import org.jspecify.annotations.NullMarked;
