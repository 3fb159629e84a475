package mysqlagents.sidecar.donor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSizeTest {
  @TempDir Path data;

  private void file(String name, int bytes) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[bytes]);
  }

  @Test
  void countsWhatABackupSends() throws Exception {
    file("ibdata1", 1000);
    file("app/t.ibd", 200);
    file("app/t#P#p.000001", 30);
    file("aria_log.00000001", 4000);
    file("mysql-bin.000007", 100_000);
    file("mysql-1-relay-bin.000002", 100_000);
    file("ib_logfile0", 100_000);
    file("ibtmp1", 100_000);
    file("#innodb_redo/#ib_redo1", 100_000);
    file("#innodb_temp/temp_1.ibt", 100_000);

    assertThat(new DataSize(data).measure()).isEqualTo(5230);
  }

  @Test
  void isZeroWithoutADataDirectory() throws Exception {
    assertThat(new DataSize(data.resolve("none")).measure()).isZero();
  }

  @Test
  void measuresAnewForABackupButNotForEveryQuestion() throws Exception {
    DataSize size = new DataSize(data);
    assertThat(size.recent()).isZero();
    file("ibdata1", 1000);
    assertThat(size.recent()).isZero();
    assertThat(size.measure()).isEqualTo(1000);
    assertThat(size.recent()).isEqualTo(1000);
  }
}
