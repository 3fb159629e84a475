package mysqlagents.settings;

/// How the other pods of the set are reached.
///
/// @param template a host name with placeholders: `{pod}`, `{set}`, `{ordinal}`, `{service}`
/// @param service the headless Service's name; resolving it gives the addresses of all pods
public record PeerAddresses(String template, String service) {
  /// The names that a headless Service gives to the pods of its StatefulSet.
  private static final String KUBERNETES = "{pod}.{service}";

  /// Reads `SERVICE_NAME` and `PEER_ADDRESS`.
  public static PeerAddresses from(Env env) {
    return new PeerAddresses(
        env.optional("PEER_ADDRESS", KUBERNETES, PeerAddresses::checked),
        env.string("SERVICE_NAME", "mysql"));
  }

  /// The host under which `pod` is reached: `mysql-1.mysql`.
  public String hostOf(PodName pod) {
    return template
        .replace("{pod}", pod.toString())
        .replace("{set}", pod.set())
        .replace("{ordinal}", Integer.toString(pod.ordinal()))
        .replace("{service}", service);
  }

  private static String checked(String template) {
    if (!template.contains("{pod}") && !template.contains("{ordinal}")) {
      throw new IllegalArgumentException(
          "a host name with {pod} or {ordinal} in it, such as " + KUBERNETES);
    }
    return template;
  }
}
