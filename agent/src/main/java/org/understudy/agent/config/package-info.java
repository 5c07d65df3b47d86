/**
 * The configuration file as immutable records, one per section. Every key is described on its component; defaults stand in
 * the compact constructors.
 */
@NullMarked
package org.understudy.agent.config;

import org.jspecify.annotations.NullMarked;
