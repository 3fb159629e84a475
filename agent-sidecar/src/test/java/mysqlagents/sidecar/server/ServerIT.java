package mysqlagents.sidecar.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mysqlagents.mysql.Secret;
import mysqlagents.mysql.ServerVersion;
import mysqlagents.mysql.ServerVersion.Flavour;
import mysqlagents.mysql.Sql;
import mysqlagents.testbed.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerIT {
  @SuppressWarnings("NullAway.Init")
  private static MariaDbServer mysqld;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    mysqld = MariaDbServer.builder().start();
  }

  @AfterAll
  static void stop() throws Exception {
    mysqld.close();
  }

  private Path passwordFile(String password) throws Exception {
    return Files.writeString(directory.resolve("password"), password);
  }

  private static Server server(String user, Path passwordFile) {
    return new Server(
        mysqld.address(), mysqld.port(), new Account(user, Optional.of(passwordFile)));
  }

  private Server root() throws Exception {
    return server("root", passwordFile(mysqld.rootPassword() + "\n"));
  }

  @Test
  void tellsItsVersion() throws Exception {
    try (Server server = root()) {
      assertThat(server.version().map(ServerVersion::flavour)).contains(Flavour.MARIADB);
      assertThat(server.versionText().orElseThrow()).contains("MariaDB");
    }
  }

  @Test
  void quotesValuesWhateverIsInThem() throws Exception {
    try (Server server = root()) {
      String nasty = "it's \\ \"quoted\"; DROP DATABASE mysql; -- ?\n\u00e9";
      assertThat(server.value(new Sql("SELECT ?", List.of(nasty)))).isEqualTo(nasty);
      assertThat(server.value(new Sql("SELECT ?", List.of(new Secret(nasty))))).isEqualTo(nasty);
    }
  }

  @Test
  void neverTellsASecretInAnError() throws Exception {
    try (Server server = root()) {
      Sql wrong =
          new Sql("CHANGE MASTER TO MASTER_PASSWORD = ? nonsense", List.of(new Secret("s3cret")));
      assertThatThrownBy(() -> server.execute(wrong))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("refused 'CHANGE MASTER TO MASTER_PASSWORD = ? nonsense'")
          .hasMessageContaining("error 1064")
          .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("s3cret"));
    }
  }

  private static String stackTrace(Throwable failure) {
    java.io.StringWriter text = new java.io.StringWriter();
    failure.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  @Test
  void readsThePasswordAnewForEachConnection() throws Exception {
    mysqld.execute("CREATE USER rotated@'127.0.0.1' IDENTIFIED BY 'first'");
    Path file = passwordFile("first");
    try (Server server = server("rotated", file)) {
      String connection = server.value(new Sql("SELECT CONNECTION_ID()", List.of()));
      mysqld.execute("ALTER USER rotated@'127.0.0.1' IDENTIFIED BY 'second'");
      Files.writeString(file, "second\n");
      mysqld.execute("KILL CONNECTION " + connection);
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> server.version().isPresent());
    }
  }

  @Test
  void saysWhichPasswordFileItCannotRead() {
    Path missing = directory.resolve("nowhere");
    try (Server server = server("root", missing)) {
      assertThatThrownBy(server::askVersion)
          .isInstanceOf(NoAnswerException.class)
          .hasMessage("the password of 'root' cannot be read from " + missing);
      assertThat(server.version()).isEmpty();
    }
  }

  @Test
  void saysThatTheAccountIsRefused() throws Exception {
    try (Server server = server("root", passwordFile("wrong"))) {
      assertThatThrownBy(server::askVersion)
          .isInstanceOfSatisfying(
              NoAnswerException.class, failure -> assertThat(failure.isRefused()).isTrue())
          .hasMessageContaining("refuses 'root': Access denied for user 'root'");
      assertThat(server.isRefused()).isTrue();
    }
  }

  @Test
  void goesOnWithThePasswordBeforeUntilTheServerKnowsTheNew() throws Exception {
    mysqld.execute("CREATE USER behind@'127.0.0.1' IDENTIFIED BY 'first'");
    try (Server server = server("behind", passwordFile("second\nfirst\n"))) {
      assertThat(server.version()).isPresent();
      assertThat(server.isRefused()).isFalse();
    }
  }

  @Test
  void remembersThePasswordThatWorkedWhenTheFileIsAheadOfTheServer() throws Exception {
    mysqld.execute("CREATE USER ahead@'127.0.0.1' IDENTIFIED BY 'first'");
    try (Server server = server("ahead", passwordFile("first"))) {
      assertThat(server.version()).isPresent();
      passwordFile("second");
      mysqld.restart();
      assertThat(server.awaitAnswer()).contains("MariaDB");
      mysqld.execute("ALTER USER ahead@'127.0.0.1' IDENTIFIED BY 'second'");
      mysqld.restart();
      assertThat(server.awaitAnswer()).contains("MariaDB");
    }
  }

  @Test
  void givesUpOnAFrozenServerWithinSeconds() throws Exception {
    try (Server server = root()) {
      assertThat(server.version()).isPresent();
      mysqld.freeze();
      try {
        long began = System.nanoTime();
        assertThat(server.version()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(12));
      } finally {
        mysqld.thaw();
      }
      assertThat(server.awaitAnswer()).contains("MariaDB");
    }
  }

  @Test
  void waitsUntilTheServerAnswers() throws Exception {
    try (Server server = root()) {
      mysqld.stop();
      assertThatThrownBy(server::askVersion)
          .isInstanceOf(NoAnswerException.class)
          .hasMessageContaining("Connection refused");
      CompletableFuture<String> answer = new CompletableFuture<>();
      Thread waiting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  answer.complete(server.awaitAnswer());
                } catch (InterruptedException failure) {
                  answer.completeExceptionally(failure);
                }
              });
      assertThat(answer).isNotDone();
      mysqld.restart();
      assertThat(answer.get(30, TimeUnit.SECONDS)).contains("MariaDB");
      waiting.join();
    }
  }
}
