/// A StatefulSet in miniature on one machine: pods on loopback addresses, volumes as directories,
/// containers as processes with a container's restarts. `LabMain` plays the story that `make lab`
/// tells; the integration tests use the same set as their harness.
///
/// The agents are started as the processes that users run; nothing of their insides is used here.
@NullMarked
package mysqlagents.lab;

import org.jspecify.annotations.NullMarked;
