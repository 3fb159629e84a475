/// `make test-k8s`: plays the tutorial on a real cluster, and then what the tutorial only promises.
///
/// Everything is done and seen through `kubectl`, as users do and see it. Each run has namespaces
/// of its own and deletes them.
@NullMarked
package mysqlagents.k8s;

import org.jspecify.annotations.NullMarked;
