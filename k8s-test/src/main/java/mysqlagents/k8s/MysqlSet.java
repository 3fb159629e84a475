package mysqlagents.k8s;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// statefulset/mysql and its pods, as `kubectl` shows them.
final class MysqlSet {
  static final Duration READY_LIMIT = Duration.ofMinutes(4);

  private final Kubectl kubectl;

  MysqlSet(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  void scale(int replicas) throws IOException {
    kubectl.run("scale", "statefulset", "mysql", "--replicas=" + replicas);
    awaitReady(replicas);
  }

  /// Waits until the pods from 0 to `replicas` are 2/2, and no other is there.
  void awaitReady(int replicas) throws IOException {
    List<String> names = IntStream.range(0, replicas).mapToObj(MysqlSet::pod).sorted().toList();
    Waiting.until(
        replicas + " pods 2/2",
        READY_LIMIT,
        () -> areReady(names),
        () -> String.join("\n", text()));
  }

  /// Waits until a pod that was deleted or has failed is 2/2, in another incarnation than `uid`.
  void awaitNew(int ordinal, String uid) throws IOException {
    Waiting.until(
        "a new " + pod(ordinal),
        READY_LIMIT,
        () -> !uid(ordinal).equals(uid) && line(ordinal).isReady(),
        () -> String.join("\n", text()));
  }

  /// Deletes a pod and its claim, and waits until there are new ones.
  ///
  /// The claim goes when no pod uses it any more, so it is marked first.
  void renew(int ordinal) throws IOException {
    String pod = uid(ordinal);
    String claim = claimUid(ordinal);
    kubectl.run("delete", "pvc", claim(ordinal), "--wait=false");
    kubectl.run("delete", "pod", pod(ordinal));
    Waiting.until(
        "a new %s with a new claim".formatted(pod(ordinal)),
        READY_LIMIT,
        () -> isRenewed(ordinal, pod, claim),
        () -> String.join("\n", text()));
  }

  /// Its claim is made before the pod. A pod without any was made while the old claim was still
  /// there, and waits in vain: docs/operations.md says to delete it once more.
  private boolean isRenewed(int ordinal, String oldPod, String oldClaim) throws IOException {
    String pod = uid(ordinal);
    String claim = claimUid(ordinal);
    if (!pod.equals(oldPod) && claim.isEmpty()) {
      kubectl.run("delete", "pod", pod(ordinal));
    }
    return !pod.equals(oldPod) && !claim.isEmpty() && !claim.equals(oldClaim);
  }

  /// Empty if there is none.
  private String claimUid(int ordinal) throws IOException {
    return kubectl.run(
        "get", "pvc", claim(ordinal), "--ignore-not-found", "-o", "jsonpath={.metadata.uid}");
  }

  String uid(int ordinal) throws IOException {
    return kubectl.field("pod/" + pod(ordinal), ".metadata.uid");
  }

  String address(int ordinal) throws IOException {
    return kubectl.field("pod/" + pod(ordinal), ".status.podIP");
  }

  /// Empty until the pod is scheduled.
  String node(int ordinal) throws IOException {
    return kubectl.field("pod/" + pod(ordinal), ".spec.nodeName");
  }

  PodLine line(int ordinal) throws IOException {
    return PodLine.parse(kubectl.run("get", "pod", pod(ordinal), "--no-headers"));
  }

  /// `data-mysql-0` and the others that are there.
  Set<String> claims() throws IOException {
    return kubectl
        .run("get", "pvc", "-o", "jsonpath={.items[*].metadata.name}")
        .transform(names -> new TreeSet<>(List.of(names.split(" "))));
  }

  /// What agent-clone said last: a line of JSON.
  CloneReport cloneReport(int ordinal) throws IOException {
    return CloneReport.parse(cloneLog(ordinal), pod(ordinal));
  }

  /// The last lines of agent-clone's log.
  String cloneLog(int ordinal) throws IOException {
    return kubectl.run("logs", pod(ordinal), "-c", "clone-mysql", "--tail=20");
  }

  CloneReport requireCloned(int ordinal) throws IOException {
    CloneReport report = cloneReport(ordinal);
    StepFailure.unless(
        report.result().equals("cloned"), "%s has not cloned: %s".formatted(pod(ordinal), report));
    return report;
  }

  /// As [#renew(int)], and waits until the new pod is 2/2 with a clone.
  CloneReport cloneAnew(int ordinal) throws IOException {
    String uid = uid(ordinal);
    renew(ordinal);
    awaitNew(ordinal, uid);
    return requireCloned(ordinal);
  }

  /// `kubectl get pods`, for whoever reads along.
  List<String> text() throws IOException {
    return kubectl.run("get", "pods", "-l", "app=mysql", "-o", "wide").lines().toList();
  }

  static String pod(int ordinal) {
    return "mysql-" + ordinal;
  }

  static String claim(int ordinal) {
    return "data-" + pod(ordinal);
  }

  private boolean areReady(List<String> names) throws IOException {
    List<PodLine> lines =
        kubectl
            .run("get", "pods", "-l", "app=mysql", "--no-headers")
            .lines()
            .map(PodLine::parse)
            .toList();
    return lines.stream().allMatch(PodLine::isReady)
        && lines.stream().map(PodLine::name).sorted().collect(Collectors.toList()).equals(names);
  }
}
