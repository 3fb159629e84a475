/// A small HTTP/1.1 client for the clone protocol: one request a connection, every wait bounded,
/// every length checked, and a body that was cut is an error. The JDK's own client moves bytes at a
/// third of the speed and has no limit for a body that stalls.
@NullMarked
package mysqlagents.wire.client;

import org.jspecify.annotations.NullMarked;
