/// What every agent's `main` does alike: run, log the end, leave the termination message, exit with
/// a code that says why.
@NullMarked
package mysqlagents.main;

import org.jspecify.annotations.NullMarked;
