/// agent-clone: gives a pod without data a verified copy of another pod's. Nothing here talks to a
/// MySQL server.
@NullMarked
package mysqlagents.clone;

import org.jspecify.annotations.NullMarked;
