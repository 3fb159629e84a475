/// `make bench`: a clone by the agents, by the bash pipeline, and by a plain pipe, of the same data
/// in the same run. It prints ratios, because the machines it runs on are noisy.
@NullMarked
package mysqlagents.lab.bench;

import org.jspecify.annotations.NullMarked;
