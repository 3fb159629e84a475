/// agent-init: from the pod's name to mysqld's configuration. It touches no data and no network.
@NullMarked
package mysqlagents.init;

import org.jspecify.annotations.NullMarked;
