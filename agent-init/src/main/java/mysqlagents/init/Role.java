package mysqlagents.init;

import mysqlagents.settings.PodName;

/// What a pod is to its set; decides which file of the ConfigMap it gets.
enum Role {
  PRIMARY("primary"),
  REPLICA("replica");

  private final String word;

  Role(String word) {
    this.word = word;
  }

  static Role of(PodName pod) {
    return pod.isPrimary() ? PRIMARY : REPLICA;
  }

  Role other() {
    return this == PRIMARY ? REPLICA : PRIMARY;
  }

  /// The name of the role's file in the ConfigMap and in mysqld's configuration directory alike.
  String fileName() {
    return word + ".cnf";
  }
}
