package mysqlagents.backup;

import static mysqlagents.backup.BackupTool.MARIADB_BACKUP;
import static mysqlagents.backup.BackupTool.XTRABACKUP;
import static org.assertj.core.api.Assertions.assertThat;

import mysqlagents.mysql.ServerVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolVersionTest {
  @Test
  void readsWhatMariadbBackupPrints() {
    assertThat(
            ToolVersion.in(
                MARIADB_BACKUP,
                "mariadb-backup based on MariaDB server 10.11.19-MariaDB debian-linux-gnu"
                    + " (x86_64)\n"))
        .contains(new ToolVersion(MARIADB_BACKUP, "10.11.19-MariaDB", 10, 11, 19));
  }

  @Test
  void readsWhatXtrabackupPrintsAfterItsNotes() {
    assertThat(
            ToolVersion.in(
                XTRABACKUP,
                """
                2026-11-22T08:00:00.000000-00:00 0 [Note] [MY-011825] [Xtrabackup] recognized server \
                arguments: --datadir=/var/lib/mysql
                xtrabackup version 8.0.35-31 based on MySQL server 8.0.35 Linux (x86_64) (revision \
                id: 55ec21d7)
                """))
        .contains(new ToolVersion(XTRABACKUP, "8.0.35-31", 8, 0, 35));
  }

  @ParameterizedTest
  @CsvSource({
    "xtrabackup version 2.4.29 based on MySQL server 5.7.44 Linux (x86_64) (revision id: 2e6c0951),"
        + " 2.4.29, 2, 4, 29",
    "xtrabackup version 8.4.0-6 based on MySQL server 8.4.0 Linux (x86_64) (revision id: 1),"
        + " 8.4.0-6, 8, 4, 0",
    "xtrabackup version 9.7.2-2 based on MySQL server 9.7.2 Linux (aarch64) (revision id: 1),"
        + " 9.7.2-2, 9, 7, 2",
  })
  void readsEveryVersionOfXtrabackup(String output, String text, int major, int minor, int patch) {
    assertThat(ToolVersion.in(XTRABACKUP, output + "\n"))
        .contains(new ToolVersion(XTRABACKUP, text, major, minor, patch));
  }

  @ParameterizedTest
  @CsvSource({
    "MARIADB_BACKUP, xtrabackup version 2.4.9 based on MySQL server 5.7.13",
    "XTRABACKUP, mariadb-backup based on MariaDB server 10.11.19-MariaDB",
    "XTRABACKUP, sh: 1: xtrabackup: not found",
  })
  void takesNothingElseForAVersion(BackupTool tool, String output) {
    assertThat(ToolVersion.in(tool, output)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.11.19-MariaDB, 10.11.19-MariaDB-0+deb12u1-log, true",
    "10.11.19-MariaDB, 10.11.6-MariaDB, true",
    "10.11.19-MariaDB, 11.8.6-MariaDB, false",
    "10.11.19-MariaDB, 10.6.19-MariaDB, false",
    "10.11.19-MariaDB, 8.0.33, false",
  })
  void mariadbBackupFitsItsOwnSeries(String tool, String server, boolean fits) {
    assertThat(
            ToolVersion.in(MARIADB_BACKUP, "based on MariaDB server " + tool)
                .orElseThrow()
                .fits(ServerVersion.parse(server)))
        .isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({
    "2.4.29, 5.7.44-log, true",
    "2.4.29, 5.5.62, true",
    "2.4.29, 8.0.33, false",
    "2.4.29, 10.11.19-MariaDB, false",
    "2.3.10, 5.6.51, false",
    "8.0.35-31, 8.0.46, true",
    "8.0.34-29, 8.0.35, true",
    "8.0.33-28, 8.0.33, true",
    "8.0.33-28, 8.0.32, true",
    "8.0.33-28, 8.0.34, false",
    "8.0.35-31, 8.4.2, false",
    "8.0.35-31, 5.7.44, false",
    "8.4.0-6, 8.4.9, true",
    "8.4.0-6, 8.0.36, false",
    "9.7.2-2, 9.7.4, true",
    "9.7.2-2, 9.6.0, false",
  })
  void xtrabackupFitsWhatItsMakersSay(String tool, String server, boolean fits) {
    assertThat(
            ToolVersion.in(XTRABACKUP, "xtrabackup version " + tool + " based on")
                .orElseThrow()
                .fits(ServerVersion.parse(server)))
        .isEqualTo(fits);
  }
}
