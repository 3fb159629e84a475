/// Real servers as child processes on loopback addresses, for the tests of all modules and for the
/// lab. Nothing here is part of what users run.
@NullMarked
package mysqlagents.testbed;

import org.jspecify.annotations.NullMarked;
