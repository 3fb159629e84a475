/// The xbstream format: reading, verifying, unpacking and writing. Nothing here knows of HTTP or of
/// MySQL servers.
@NullMarked
package mysqlagents.xbstream;

import org.jspecify.annotations.NullMarked;
