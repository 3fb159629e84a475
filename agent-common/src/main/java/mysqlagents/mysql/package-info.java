/// What a server is (flavour, version) and which SQL it speaks.
@NullMarked
package mysqlagents.mysql;

import org.jspecify.annotations.NullMarked;
