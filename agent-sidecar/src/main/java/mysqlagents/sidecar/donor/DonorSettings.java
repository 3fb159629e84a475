package mysqlagents.sidecar.donor;

import java.time.Duration;
import mysqlagents.settings.PodName;

/// How a pod donates.
///
/// @param lagLimit the oldest data that a replica gives away
/// @param bytesPerSecond 0 for no limit
/// @param stallLimit how long a recipient may take nothing
/// @param lockedStallLimit the same while the tool keeps the server's writers waiting
public record DonorSettings(
    PodName pod,
    Duration lagLimit,
    long bytesPerSecond,
    Duration stallLimit,
    Duration lockedStallLimit) {}
