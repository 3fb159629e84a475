/// Files that survive a crash: written whole or not at all, and on disk before anyone relies on
/// them.
@NullMarked
package mysqlagents.files;

import org.jspecify.annotations.NullMarked;
