/** What an HTTP answer means for a delivery. */
@NullMarked
package org.understudy.alerts.http;

import org.jspecify.annotations.NullMarked;
