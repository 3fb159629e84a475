/// Tests of agent-common's package of this name. They are here because the certificates that they
/// need are made by the testbed, which agent-common cannot depend on.
@NullMarked
package mysqlagents.tls;

import org.jspecify.annotations.NullMarked;
