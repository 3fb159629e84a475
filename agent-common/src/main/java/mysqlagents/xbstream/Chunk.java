package mysqlagents.xbstream;

/// One chunk of a stream, without its payload.
sealed interface Chunk {
  /// Where the chunk begins, in bytes from the stream's start.
  long start();

  /// The member that it is about.
  MemberName member();

  /// A chunk that a payload follows; [ChunkReader#payload] hands it over.
  sealed interface Payload extends Chunk {
    /// Where in the member the chunk goes.
    long offset();

    /// Bytes of payload.
    long length();

    /// Where in the member the chunk ends. [ChunkReader] has checked that it is not negative.
    long end();
  }

  /// `P`: the next bytes of a member.
  ///
  /// @param flags all eight bits, known or not
  /// @param rewrite whether what came under this name before is void
  record Data(long start, MemberName member, int flags, boolean rewrite, long offset, long length)
      implements Payload {
    @Override
    public long end() {
      return offset + length;
    }
  }

  /// `S` of xtrabackup: bytes of a member with holes between them.
  record Sparse(long start, MemberName member, long offset, long length, SparseMap map)
      implements Payload {
    @Override
    public long end() {
      return offset + map.span();
    }
  }

  /// `E`: the member is complete.
  ///
  /// @param flags all eight bits, known or not
  /// @param rewrite like [Data#rewrite]; it matters only where the member is empty
  record End(long start, MemberName member, int flags, boolean rewrite) implements Chunk {}

  /// `S` of mariadb-backup: the open member's next payload goes to this offset.
  record Seek(long start, MemberName member, long offset) implements Chunk {}

  /// `R`: a file has got another name.
  record Rename(long start, MemberName member, MemberName target) implements Chunk {}

  /// `D`: a file or directory is gone, or with a `*` at the name's end all files that begin so.
  record Remove(long start, MemberName member) implements Chunk {}
}
