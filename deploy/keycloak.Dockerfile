# Keycloak with its build-time options, so that it runs on a read-only filesystem.

FROM quay.io/keycloak/keycloak:26.4.0@sha256:5f3fb534cde6bf006d79f5912473e5d2c828c707cdfc52e16972803aca9d43dd
ENV KC_DB=dev-file KC_CACHE=local KC_HEALTH_ENABLED=true
RUN /opt/keycloak/bin/kc.sh build && mkdir -p /opt/keycloak/data/h2 /opt/keycloak/data/tmp /opt/keycloak/data/transaction-logs
COPY deploy/keycloak/start.sh /opt/keycloak/start.sh
COPY deploy/keycloak/zugabe-realm.json /opt/keycloak/data/import/zugabe-realm.json
USER 1000:0
ENTRYPOINT ["bash", "/opt/keycloak/start.sh"]
