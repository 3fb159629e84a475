/// The connection to this pod's own mysqld. What SQL it speaks is `mysqlagents.mysql`'s to know.
@NullMarked
package mysqlagents.sidecar.server;

import org.jspecify.annotations.NullMarked;
