package org.understudy.agent.self;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import org.apache.commons.net.ntp.NtpV3Impl;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeStamp;
import org.understudy.spool.HopAddress;

/** A time server on loopback whose clock is some time ahead of ours. */
final class TimeServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final Clock clock;

    TimeServer(Duration ahead) {
        clock = Clock.offset(Clock.systemUTC(), ahead);
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "time-server");
        thread.setDaemon(true);
        thread.start();
    }

    HopAddress address() {
        return new HopAddress("127.0.0.1", socket.getLocalPort());
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                NtpV3Packet question = new NtpV3Impl();
                DatagramPacket packet = question.getDatagramPacket();
                socket.receive(packet);
                NtpV3Packet answer = new NtpV3Impl();
                TimeStamp now = TimeStamp.getNtpTime(clock.millis());
                answer.setMode(NtpV3Packet.MODE_SERVER);
                answer.setStratum(1);
                answer.setOriginateTimeStamp(question.getTransmitTimeStamp());
                answer.setReceiveTimeStamp(now);
                answer.setTransmitTime(now);
                DatagramPacket back = answer.getDatagramPacket();
                back.setSocketAddress(packet.getSocketAddress());
                socket.send(back);
            } catch (IOException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
