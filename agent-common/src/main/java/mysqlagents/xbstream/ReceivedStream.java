package mysqlagents.xbstream;

import java.util.Set;

/// A stream that was received whole: its structure and its payloads are right, and its trailer came
/// last. Whether the bytes are the donor's, the caller finds by comparing `bytes` and `digest` with
/// what the trailer says.
///
/// @param members the files that now lie in the directory, as named in the stream; the trailer is
///   not among them
/// @param bytes how many bytes came before the trailer's first chunk
/// @param digest the [StreamDigest] of those bytes
/// @param trailer the trailer's content
// An array is mutable and has no equality of its own; nobody compares received streams.
@SuppressWarnings("ArrayRecordComponent")
public record ReceivedStream(Set<String> members, long bytes, String digest, byte[] trailer) {}
