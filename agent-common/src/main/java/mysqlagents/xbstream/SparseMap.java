package mysqlagents.xbstream;

import java.util.List;

/// Where the payload of a sparse chunk goes: holes and data in turn, from the chunk's offset on.
///
/// @param extents in the file's order
public record SparseMap(List<Extent> extents) {
  /// A hole and the data that follows it.
  ///
  /// @param skip bytes of hole, 0 to 2^32 - 1
  /// @param length bytes of data, 0 to 2^32 - 1; 0 in the last extent of a file that ends in a hole
  public record Extent(long skip, long length) {
    private static final long LIMIT = 1L << 32;

    public Extent {
      if (skip < 0 || skip >= LIMIT || length < 0 || length >= LIMIT) {
        throw new IllegalArgumentException(
            "a hole of %d bytes and %d bytes of data do not fit a sparse map"
                .formatted(skip, length));
      }
    }
  }

  public SparseMap {
    extents = List.copyOf(extents);
  }

  /// Bytes of data; as many as the chunk's payload has.
  long dataLength() {
    return extents.stream().mapToLong(Extent::length).sum();
  }

  /// How far the chunk moves the file's end: holes and data together.
  long span() {
    return extents.stream().mapToLong(extent -> extent.skip() + extent.length()).sum();
  }
}
