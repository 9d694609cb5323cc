// Creates a replica set of one node, and for each service a user limited to its own database.
// Repeatable; a changed password is set again.

const SERVICES = ["onboarding", "catalog-shops", "vouchers", "bonus", "checkout"];
const HOST = process.env.MONGO_HOST || "mongo:27017";
const SECRETS = process.env.SECRETS || "/run/secrets";
const ALREADY_INITIALIZED = 23;

const secret = (name) => require("fs").readFileSync(`${SECRETS}/${name}`, "utf8").trim();

const root = `root:${encodeURIComponent(secret("mongo-root"))}`;
const admin = connect(`mongodb://${root}@${HOST}/admin?directConnection=true`);

try {
  admin.runCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host: HOST }] } });
} catch (error) {
  if (error.code !== ALREADY_INITIALIZED) throw error;
}
for (let tries = 0; !admin.hello().isWritablePrimary; tries++) {
  if (tries === 120) throw new Error("no primary after a minute");
  sleep(500);
}

const owns = (service) => ({ role: "readWrite", db: service });
const users = Object.fromEntries(SERVICES.map((service) => [service, [owns(service)]]));
users.sequencer = SERVICES.map(owns);

for (const [user, roles] of Object.entries(users)) {
  const command = admin.getUser(user) ? "updateUser" : "createUser";
  admin.runCommand({ [command]: user, pwd: secret(`mongo-${user}`), roles });
  print(`${command} ${user}`);
}
