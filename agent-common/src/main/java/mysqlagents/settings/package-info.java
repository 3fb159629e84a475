/// Settings from environment variables, parsed once at start. All mistakes are reported together,
/// each naming its variable.
@NullMarked
package mysqlagents.settings;

import org.jspecify.annotations.NullMarked;
