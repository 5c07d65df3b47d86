/** Notifications by mail, handed to a submission server. */
@NullMarked
package org.understudy.alerts.email;

import org.jspecify.annotations.NullMarked;
