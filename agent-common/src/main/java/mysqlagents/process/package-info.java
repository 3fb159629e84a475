/// Child processes that never outlive the work they were started for.
@NullMarked
package mysqlagents.process;

import org.jspecify.annotations.NullMarked;
