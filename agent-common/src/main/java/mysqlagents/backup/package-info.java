/// The backup tools (mariadb-backup, xtrabackup), their command lines, and the metadata files that
/// they leave in a backup.
@NullMarked
package mysqlagents.backup;

import org.jspecify.annotations.NullMarked;
