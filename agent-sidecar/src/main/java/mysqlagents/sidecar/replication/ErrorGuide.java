package mysqlagents.sidecar.replication;

import java.util.List;
import java.util.Set;
import mysqlagents.mysql.Dialect;
import mysqlagents.mysql.ReplicaStatus.ThreadError;

/// What the errors of a replica's threads mean, and what to do about them.
final class ErrorGuide {
  static final String CLONE_AGAIN =
      "clone this replica again: delete its volume claim and then the pod";

  /// The primary says that it cannot send what was asked for: MariaDB and MySQL to 8.0, and MySQL
  /// from 8.0.
  private static final Set<Integer> PRIMARY_CANNOT_SEND = Set.of(1236, 13114);

  /// In the primary's words, as MariaDB, MySQL 5.7 and MySQL from 8.0 on put them: the replica asks
  /// for what comes after an event that the primary's binary logs do not have. The primary was put
  /// back to an earlier state, or lost the end of its log, or the replica was written to. Here may
  /// be the only copies of the transactions in between.
  private static final List<String> PRIMARY_LACKS =
      List.of(
          "not in the master's binlog",
          "probably diverged",
          "impossible position",
          "position > file size",
          "has more GTIDs than the");

  /// The replica's own settings do not fit, such as equal server ids. From 8.0 on, the IO thread of
  /// MySQL has a number of its own for this, and for the two kinds of trouble with the relay log.
  private static final Set<Integer> UNFIT_REPLICA = Set.of(1593, 13117);

  /// The row to be changed is missing, there already, or its table is: the replica's data is not
  /// the primary's.
  private static final Set<Integer> DATA_DIFFERS =
      Set.of(1007, 1008, 1032, 1049, 1050, 1051, 1054, 1060, 1061, 1062, 1091, 1146, 1452);

  private static final Set<Integer> RELAY_LOG_DAMAGED = Set.of(1594, 13121);

  /// Refusals of an account: by name, host, lock, expired password.
  private static final Set<Integer> ACCOUNT_REFUSED =
      Set.of(1044, 1045, 1130, 1142, 1227, 1698, 1820, 1862, 3118, 4151);

  /// Refusals that another password, or another way to send it, may end. 1251 and 2061: the
  /// account's way of authentication is not possible like this, such as without TLS or the
  /// primary's public key.
  private static final Set<Integer> LOGIN_REFUSED = Set.of(1045, 1251, 1698, 2061);

  /// Too many connections, shutdown, blocked host, network errors, a broken registration.
  private static final Set<Integer> PRIMARY_OUT_OF_REACH =
      Set.of(
          1040, 1042, 1043, 1053, 1129, 1152, 1156, 1157, 1158, 1159, 1160, 1161, 1184, 1189, 1190,
          1203, 1218, 1219, 1226, 1317, 1429, 1597, 1927, 3159);

  /// Deadlock, lock wait, killed by hand, short of memory or disk, a relay log that could not be
  /// written: worth some more tries.
  private static final Set<Integer> PERHAPS_PASSING =
      Set.of(3, 28, 1021, 1037, 1038, 1041, 1114, 1205, 1213, 1317, 1595, 1927, 13122);

  /// Of the account of replication, for a replica of MySQL.
  private static final int PASSWORD_TOO_LONG = 3056;

  private ErrorGuide() {}

  /// Whether trying again is all that is needed, however long it takes.
  static boolean isOutOfReach(ThreadError error) {
    return isClientError(error.number())
        || PRIMARY_OUT_OF_REACH.contains(error.number())
        || ACCOUNT_REFUSED.contains(error.number());
  }

  /// Whether a few more tries may help.
  static boolean mayPass(ThreadError error) {
    return PERHAPS_PASSING.contains(error.number());
  }

  /// Whether the primary answers but does not let the replica in.
  static boolean isAccountRefused(ThreadError error) {
    return ACCOUNT_REFUSED.contains(error.number());
  }

  /// Whether the primary answers but does not believe who this is.
  static boolean isLoginRefused(ThreadError error) {
    return LOGIN_REFUSED.contains(error.number());
  }

  /// Whether trying again does not help before a person has done something.
  static boolean needsAPerson(ThreadError error) {
    return isAccountRefused(error) || isLoginRefused(error) || TlsErrors.isOne(error);
  }

  /// Errors of the client's library: no route, refused, broken, TLS.
  private static boolean isClientError(int number) {
    return number >= 2000 && number < 2100;
  }

  /// What to do where the server refuses to be told whom to follow.
  static String remedyOfRefusedSetUp(int number) {
    return number == PASSWORD_TOO_LONG
        ? "put a password of at most 32 characters into REPLICATION_PASSWORD_FILE, on all pods; it is"
            + " tried again"
        : "give MYSQL_USER the rights that docs/accounts.md lists; it is tried again";
  }

  static String remedy(ThreadError error) {
    int number = error.number();
    if (PRIMARY_CANNOT_SEND.contains(number)) {
      return primaryCannotSend(error.text());
    }
    if (UNFIT_REPLICA.contains(number) && error.text().contains("equal")) {
      return "see that PEER_ADDRESS leads to the primary and that each pod has a server-id (and"
          + " auto.cnf) of its own; then restart mysqld";
    }
    if (DATA_DIFFERS.contains(number)) {
      return "this replica's data is not the primary's; was it written to? Mend the rows and "
          + Dialect.START_BY_HAND
          + ", or "
          + CLONE_AGAIN;
    }
    if (RELAY_LOG_DAMAGED.contains(number)) {
      return CLONE_AGAIN;
    }
    if (TlsErrors.isOne(error)) {
      return TlsErrors.remedy(error.text());
    }
    if (ACCOUNT_REFUSED.contains(number) || LOGIN_REFUSED.contains(number)) {
      return "give the primary the account of REPLICATION_USER with the password of"
          + " REPLICATION_PASSWORD_FILE and the right REPLICATION SLAVE; this replica takes up a"
          + " changed file by itself. An account that is REQUIRE X509 or SSL needs TLS=required here";
    }
    return "mend the cause and %s, or %s".formatted(Dialect.START_BY_HAND, CLONE_AGAIN);
  }

  private static String primaryCannotSend(String text) {
    if (text.contains("same server_uuid") || text.contains("same server_id")) {
      return "another replica has this one's server-id or UUID; give each its own, then restart"
          + " mysqld";
    }
    if (text.contains("max_allowed_packet")) {
      return "raise max_allowed_packet on the primary and the replica, then restart mysqld";
    }
    if (PRIMARY_LACKS.stream().anyMatch(text::contains)) {
      return "this replica has transactions that the primary lost or never had; save them if they"
          + " matter, then "
          + CLONE_AGAIN;
    }
    if (text.contains("purged")) {
      return CLONE_AGAIN + " (the primary has purged binary logs that it still needed)";
    }
    return "the primary has purged, or has lost, binary logs that this replica still needed; if it"
        + " was put back to an earlier state, save what only this replica has; then "
        + CLONE_AGAIN;
  }
}
