/// Mutual TLS among the pods of a set: where the certificates are, how they are read, renewed and
/// believed.
@NullMarked
package mysqlagents.tls;

import org.jspecify.annotations.NullMarked;
