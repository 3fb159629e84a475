/// What the sidecar's two HTTP ports share: opening and closing them, `GET` routes, answers.
/// Nothing here knows of backups or of MySQL.
@NullMarked
package mysqlagents.sidecar.http;

import org.jspecify.annotations.NullMarked;
