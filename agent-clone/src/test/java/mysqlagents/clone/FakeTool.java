package mysqlagents.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Makes programs that behave like mariadb-backup as far as agent-clone can see.
final class FakeTool {
  /// The file by which a test knows that prepare ran to its end in that directory.
  static final String MARK = "prepared.txt";

  static final String SUCCEED = "echo '[00] 2026-11-22 07:13:40 completed OK!' >&2";

  private FakeTool() {}

  static Path succeeding(Path directory) throws IOException {
    return write(directory, "10.11.19-MariaDB", SUCCEED);
  }

  /// @param ending what it does after the work
  static Path write(Path directory, String version, String ending) throws IOException {
    Path program = directory.resolve("mariadb-backup");
    Files.writeString(
        program,
        """
        #!/bin/sh
        if [ "$1" = --version ]; then
          echo 'mariadb-backup based on MariaDB server %s debian-linux-gnu (x86_64)'
          exit 0
        fi
        die() { echo "fake: $*" >&2; exit 99; }
        [ $# = 3 ] && [ "$1" = --prepare ] || die "called with $*"
        for argument; do
          case $argument in
            --target-dir=*) target=${argument#*=} ;;
            --use-memory=*) memory=${argument#*=} ;;
          esac
        done
        [ "$(pwd -P)" = "$(cd "$target" && pwd -P)" ] || die "works in $(pwd)"
        [ "$memory" -ge 104857600 ] || die "memory is $memory"
        [ -s "$target/xtrabackup_info" ] || die 'no backup there'
        echo 'much talk on standard output'
        echo '[00] recovering' >&2
        printf 'prepared' > "$target/%s"
        printf ' to the end' >> "$target/%s"
        %s
        """
            .formatted(version, MARK, MARK, ending));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }
}
