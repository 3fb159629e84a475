/// The agents' image as people use it without Kubernetes: in a Docker Engine, by Testcontainers.
/// `make test-docker` runs what is named `…IT`.
///
/// [MysqlSet], [Pod] and [Secrets] need nothing else of this project and are meant to be copied
/// into others; `docs/testcontainers.md` says how.
@NullMarked
package mysqlagents.docker;

import org.jspecify.annotations.NullMarked;
