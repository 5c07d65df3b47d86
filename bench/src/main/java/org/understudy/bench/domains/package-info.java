/** An agent that watches many domains in a world of its own: name servers and mail servers on loopback. */
@NullMarked
package org.understudy.bench.domains;

import org.jspecify.annotations.NullMarked;
