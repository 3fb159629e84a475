/// Tests of agent-common's package of this name that need certificates, which are made by the
/// testbed.
@NullMarked
package mysqlagents.wire.client;

import org.jspecify.annotations.NullMarked;
