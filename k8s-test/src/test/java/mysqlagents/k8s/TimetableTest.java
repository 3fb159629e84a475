package mysqlagents.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TimetableTest {
  private final Timetable timetable =
      new Timetable(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

  @Test
  void putsTheSetsBesideEachOther() throws IOException {
    timetable.step("agents", "apply", () -> {});
    timetable.step("agents", "a promise", () -> {});
    timetable.step("bash", "apply", () -> {});

    assertThat(timetable.table().lines())
        .containsExactly(
            "               agents        bash",
            "apply           0.0 s       0.0 s",
            "a promise       0.0 s            ");
  }

  @Test
  void saysOfWhichSetAStepFailed() throws IOException {
    timetable.step("agents", "apply", () -> {});
    assertThatThrownBy(
            () -> timetable.step("bash", "apply", () -> StepFailure.unless(false, "no pods")))
        .hasMessage("no pods");

    assertThat(timetable.table().lines())
        .containsExactly("           agents        bash", "apply       0.0 s      FAILED");
  }
}
