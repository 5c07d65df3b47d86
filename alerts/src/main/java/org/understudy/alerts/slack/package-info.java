/** Notifications to a Slack incoming webhook. */
@NullMarked
package org.understudy.alerts.slack;

import org.jspecify.annotations.NullMarked;
