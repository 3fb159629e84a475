/// `make bench`: a clone by the agents, by the bash pipeline, and by a plain pipe, of the same data
/// in the same run. `make bench-tree`: a directory as a stream, as a tar, and just read. Both print
/// ratios, because the machines they run on are noisy.
@NullMarked
package mysqlagents.lab.bench;

import org.jspecify.annotations.NullMarked;
