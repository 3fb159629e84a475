/// agent-sidecar: serves backups to the pods that follow, sets up and supervises replication,
/// answers probes and metrics.
@NullMarked
package mysqlagents.sidecar;

import org.jspecify.annotations.NullMarked;
