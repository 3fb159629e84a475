package mysqlagents.sidecar.donor;

import java.util.Optional;
import java.util.function.Supplier;
import mysqlagents.files.Volume;
import mysqlagents.sidecar.replication.ReplicationState;

/// What the donor has to know of its pod.
///
/// @param serverVersion as `SELECT VERSION()` gives it; empty while mysqld does not answer
public record DonorSource(
    Volume volume,
    DataSize dataSize,
    Supplier<Optional<String>> serverVersion,
    Supplier<ReplicationState> replication) {}
