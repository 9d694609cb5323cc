--------------------------------- MODULE Log ---------------------------------
(* From an append to its effect in another service: the log in MongoDB, the     *)
(* sequencer, Kafka, and a consumer. One action is one atomic step of the code. *)
(* The code is zugabe_events: mongo_store, sequencer/*, positions, consuming.   *)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Streams,       \* streams are 1 .. Streams
    Versions,      \* commits of each stream
    Parts,         \* a stream's part is its number modulo Parts
    Wide,          \* streams whose commits hold two events instead of one
    Silent,        \* streams whose events have no effect at the consumer
    Followers,     \* streams begun only after the one before was seen
    Transactions,  \* TRUE: a commit's `at` is given before it commits
    Sequencers,    \* processes that may sequence the log
    Owners,        \* processes that believe they own every part as a consumer
    Batch,         \* most commits in a batch of the change stream
    Pipeline,      \* most sends in flight by part
    Failovers, Crashes, Takeovers, LostTokens, FailedSends, Forgets, Rewinds,
    Broken,        \* names of the rules that are broken on purpose
    None           \* no token, no holder

VARIABLES
    log,      \* commits <<stream, version>> in commit order, as on the primary
    maj,      \* so many of them are held by a majority
    opened,   \* with Transactions: commits in order of their `at`
    decided,  \* commits that writers have decided on and may send (again)
    docs,     \* sequence documents held by a majority
    young,    \* sequence documents that are not
    lease,    \* the lease document: holder and checkpoint
    sq,       \* the sequencers
    kafka,    \* records <<position, commit>> by part
    cp,       \* the consumer's position documents by part
    eff,      \* its effects by part, in order
    ow,       \* its owners
    left      \* faults that may still happen

vars == <<log, maj, opened, decided, docs, young, lease, sq, kafka, cp, eff, ow, left>>
mongo == <<log, maj, opened, decided>>
consumer == <<cp, eff, ow>>

Breaks(rule) == rule \in Broken
AllParts == 0 .. Parts - 1
Commits == (1 .. Streams) \X (1 .. Versions)
PartOf(c) == c[1] % Parts
Size(c) == IF c[1] \in Wide THEN 2 ELSE 1
Range(s) == {s[i] : i \in DOMAIN s}
Zero == [p \in AllParts |-> 0]
Min(a, b) == IF a < b THEN a ELSE b
Max(S) == CHOOSE x \in S : \A y \in S : y <= x
IndexIn(s, x) == CHOOSE i \in DOMAIN s : s[i] = x
Symmetry == Permutations(Sequencers) \cup Permutations(Owners)

-------------------------------------------------------------------------------
(* Sequence documents: [part, first, last, ids]. *)

Of(D, p) == {d \in D : d.part = p}
End(D, p) == Max({0} \cup {d.last : d \in Of(D, p)})
Ends(D) == [p \in AllParts |-> End(D, p)]
Ids(D) == UNION {Range(d.ids) : d \in D}
Known == IF Breaks("ActBeforeMajority") THEN docs \cup young ELSE docs

RECURSIVE Events(_)
Events(ids) == IF ids = <<>> THEN 0 ELSE Size(Head(ids)) + Events(Tail(ids))

RECURSIVE Walk(_, _, _)
Walk(ids, first, pos) ==
    IF pos < first + Size(Head(ids)) THEN Head(ids)
    ELSE Walk(Tail(ids), first + Size(Head(ids)), pos)

Covers(d, p, pos) == d.part = p /\ d.first <= pos /\ pos <= d.last
CommitAt(D, p, pos) ==
    LET d == CHOOSE d \in D : Covers(d, p, pos) IN Walk(d.ids, d.first, pos)

Document(p, ids, last) ==
    [part |-> p, first |-> last + 1, last |-> last + Events(ids), ids |-> ids]

(* One document by part for the commits of a batch. *)
RECURSIVE Grouped(_, _, _)
Grouped(p, commits, last) ==
    IF p = Parts THEN <<>>
    ELSE LET mine == SelectSeq(commits, LAMBDA c : PartOf(c) = p)
             rest == Grouped(p + 1, commits, last)
         IN IF mine = <<>> THEN rest ELSE <<Document(p, mine, last[p])>> \o rest

(* Documents of one commit, part after part: recovery may stop after any of them. *)
RECURSIVE Single(_, _)
Single(commits, last) ==
    IF commits = <<>> THEN <<>>
    ELSE LET c == Head(commits)
             d == Document(PartOf(c), <<c>>, last[PartOf(c)])
         IN <<d>> \o Single(Tail(commits), [last EXCEPT ![d.part] = d.last])

RECURSIVE ByPart(_, _)
ByPart(p, commits) ==
    IF p = Parts THEN <<>>
    ELSE SelectSeq(commits, LAMBDA c : PartOf(c) = p) \o ByPart(p + 1, commits)

Reverse(s) == [i \in DOMAIN s |-> s[Len(s) + 1 - i]]

-------------------------------------------------------------------------------
(* token, last: how far it is; ckToken, ckLast: what it reports as its checkpoint. *)
Off == [pc |-> "off", token |-> None, next |-> None, known |-> {}, last |-> Zero,
        upto |-> Zero, ckToken |-> None, ckLast |-> Zero, acked |-> Zero, todo |-> <<>>, waiting |-> FALSE, sent |-> Zero,
        wire |-> [p \in AllParts |-> <<>>], bad |-> {}]

NoPlace(off) == [placed |-> FALSE, known |-> 0, written |-> 0, off |-> off, hole |-> <<>>,
                 hint |-> 0, half |-> <<>>]

Init ==
    /\ log = <<>> /\ maj = 0 /\ opened = <<>> /\ decided = {}
    /\ docs = {} /\ young = {}
    /\ lease = [holder |-> None, token |-> None, last |-> Zero, acked |-> Zero]
    /\ sq = [q \in Sequencers |-> Off]
    /\ kafka = [p \in AllParts |-> <<>>]
    /\ cp = [p \in AllParts |-> [pos |-> 0, off |-> 0]]
    /\ eff = [p \in AllParts |-> <<>>]
    /\ ow = [o \in Owners |-> [p \in AllParts |-> NoPlace(1)]]
    /\ left = [failovers |-> Failovers, crashes |-> Crashes, takeovers |-> Takeovers,
               tokens |-> LostTokens, sends |-> FailedSends, forgets |-> Forgets,
               rewinds |-> Rewinds]

(* Without a failover to come, it makes no difference when a majority has something. *)
Safe == left.failovers = 0

-------------------------------------------------------------------------------
(* Writers: decide on what is read with majority, and append; (stream, version) is unique. *)

Seen == IF Breaks("DecideFromLocalReads") THEN Range(log) ELSE {log[i] : i \in 1 .. maj}

Decidable(c) ==
    /\ c[2] = 1 + Cardinality({d \in Seen : d[1] = c[1]})
    /\ c[1] \in Followers /\ c[2] = 1 => <<c[1] - 1, 1>> \in Seen

Decide(c) ==
    /\ ~Safe /\ c \notin decided /\ Decidable(c)
    /\ decided' = decided \cup {c}
    /\ UNCHANGED <<log, maj, opened, docs, young, lease, sq, kafka, consumer, left>>

Open(c) ==
    /\ Transactions /\ c \notin Range(opened) /\ (c \in decided \/ Decidable(c))
    /\ opened' = Append(opened, c)
    /\ UNCHANGED <<log, maj, decided, docs, young, lease, sq, kafka, consumer, left>>

Commit(c) ==
    /\ c \notin Range(log)
    /\ IF Transactions THEN c \in Range(opened) ELSE c \in decided \/ Decidable(c)
    /\ log' = Append(log, c)
    /\ maj' = IF Safe THEN Len(log') ELSE maj
    /\ UNCHANGED <<opened, decided, docs, young, lease, sq, kafka, consumer, left>>

ReachMajority ==
    /\ maj < Len(log)
    /\ maj' = maj + 1
    /\ UNCHANGED <<log, opened, decided, docs, young, lease, sq, kafka, consumer, left>>

DocumentReachesMajority(d) ==
    /\ d \in young
    /\ docs' = docs \cup {d} /\ young' = young \ {d}
    /\ UNCHANGED <<mongo, lease, sq, kafka, consumer, left>>

(* A new primary: what no majority held may be gone, and open transactions are. *)
Failover ==
    /\ left.failovers > 0
    /\ left' = [left EXCEPT !.failovers = @ - 1]
    /\ \E n \in maj .. Len(log), kept \in SUBSET young :
        /\ log' = SubSeq(log, 1, n)
        /\ opened' = SelectSeq(opened, LAMBDA c : c \in Range(log'))
        /\ IF left.failovers = 1
           THEN maj' = n /\ docs' = docs \cup kept /\ young' = {}
           ELSE maj' = maj /\ docs' = docs /\ young' = kept
    /\ UNCHANGED <<decided, lease, sq, kafka, consumer>>

-------------------------------------------------------------------------------
(* The sequencer. Its lease saves work: Takeovers happen while the holder still acts. *)

Acquire(q) ==
    /\ sq[q].pc = "off"
    /\ \/ lease.holder \in {None, q} /\ left' = left
       \/ lease.holder \notin {None, q} /\ sq[lease.holder].pc = "off" /\ left' = left
       \/ lease.holder \notin {None, q} /\ sq[lease.holder].pc # "off"
          /\ left.takeovers > 0 /\ left' = [left EXCEPT !.takeovers = @ - 1]
    /\ lease' = [lease EXCEPT !.holder = q]
    /\ sq' = [sq EXCEPT ![q] = [Off EXCEPT !.pc = "prepare", !.token = lease.token,
                                           !.last = lease.last, !.acked = lease.acked]]
    /\ UNCHANGED <<mongo, docs, young, kafka, consumer>>

(* Everything is read in one majority snapshot, and the stream will go on right after it. *)
Recover(q) ==
    /\ sq[q].pc = "prepare" /\ sq[q].token = None
    /\ LET order == IF Transactions THEN opened ELSE log
           scanned == IF Breaks("ScanInAnyOrder") THEN Reverse(order) ELSE order
           visible == {log[i] : i \in 1 .. maj} \ Ids(Known)
           todo == Single(ByPart(0, SelectSeq(scanned, LAMBDA c : c \in visible)), Ends(Known))
       IN sq' = [sq EXCEPT ![q].pc = "recover", ![q].todo = todo, ![q].next = maj,
                           ![q].upto = Ends(Known \cup Range(todo))]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer, left>>

(* What stands behind the checkpoint, and where Kafka's parts end. *)
Prepare(q) ==
    /\ sq[q].pc = "prepare" /\ sq[q].token # None
    /\ LET behind == {d \in Known : d.first > sq[q].last[d.part]}
           KafkaEnd(p) == IF kafka[p] = <<>> THEN 0 ELSE kafka[p][Len(kafka[p])][1]
           acked == [p \in AllParts |-> IF Breaks("KafkasEndIsTheMark") THEN KafkaEnd(p)
                                        ELSE Min(sq[q].acked[p], KafkaEnd(p))]
       IN sq' = [sq EXCEPT ![q].pc = "run",
                           ![q].known = IF Breaks("ForgetWhatIsKnown") THEN {} ELSE Ids(behind),
                           ![q].last = Ends(Known), ![q].ckToken = sq[q].token,
                           ![q].ckLast = IF Breaks("ReportAheadOfTheStream") THEN Ends(Known)
                                         ELSE sq[q].last,
                           ![q].acked = acked, ![q].sent = acked]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer, left>>

(* The next batch of the change stream, without what stands in documents already. *)
Take(q) ==
    /\ sq[q].pc = "run" /\ sq[q].token < maj
    /\ \E n \in 1 .. Min(Batch, maj - sq[q].token) :
        LET me == sq[q]
            coming == SubSeq(log, me.token + 1, me.token + n)
            fresh == SelectSeq(coming, LAMBDA c : c \notin me.known)
            todo == Grouped(0, fresh, me.last)
        IN sq' = [sq EXCEPT ![q].pc = "insert", ![q].todo = todo, ![q].next = me.token + n,
                            ![q].known = @ \ Range(coming),
                            ![q].ckToken = IF Breaks("TokenBeforeDocuments") THEN me.token + n
                                           ELSE @,
                            ![q].upto = [p \in AllParts |->
                                Max({me.last[p]} \cup {d.last : d \in Of(Range(todo), p)})]]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer, left>>

(* The insert is position and fence in one. The next document waits for the majority. *)
Insert(q) ==
    /\ sq[q].pc \in {"recover", "insert"} /\ sq[q].todo # <<>> /\ ~sq[q].waiting
    /\ LET me == sq[q]
           d == Head(me.todo)
           taken == \E e \in docs \cup young : e.part = d.part /\ e.first = d.first
           free == Document(d.part, d.ids, End(docs \cup young, d.part))
       IN IF taken /\ ~Breaks("NoFence") /\ ~Breaks("TakeTheNextFreePosition")
          THEN sq' = [sq EXCEPT ![q] = Off] /\ UNCHANGED <<docs, young>>
          ELSE LET written == IF taken /\ Breaks("TakeTheNextFreePosition") THEN free ELSE d
               IN /\ IF Safe THEN docs' = docs \cup {written} /\ young' = young
                             ELSE young' = young \cup {written} /\ docs' = docs
                  /\ IF Safe \/ Breaks("ActBeforeMajority")
                     THEN sq' = [sq EXCEPT ![q].todo = Tail(@),
                                           ![q].upto[d.part] = Max({@, written.last})]
                     ELSE sq' = [sq EXCEPT ![q].waiting = TRUE]
    /\ UNCHANGED <<mongo, lease, kafka, consumer, left>>

Acknowledged(q) ==
    /\ sq[q].waiting /\ Head(sq[q].todo) \in docs
    /\ sq' = [sq EXCEPT ![q].waiting = FALSE, ![q].todo = Tail(@)]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer, left>>

(* The outcome of the insert stays unknown: the term ends. *)
GiveUp(q) ==
    /\ sq[q].waiting /\ Head(sq[q].todo) \notin docs \cup young
    /\ sq' = [sq EXCEPT ![q] = Off]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer, left>>

(* The checkpoint moves when the stream has shown all that stood behind the last one. *)
Finish(q) ==
    /\ sq[q].pc = "insert" /\ sq[q].todo = <<>>
    /\ LET moves == sq[q].known = {} \/ Breaks("ReportAheadOfTheStream")
       IN sq' = [sq EXCEPT ![q].pc = "run", ![q].last = sq[q].upto, ![q].token = sq[q].next,
                           ![q].ckLast = IF moves THEN sq[q].upto ELSE @,
                           ![q].ckToken = IF moves THEN sq[q].next ELSE @,
                           ![q].upto = Zero, ![q].next = None]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer, left>>

(* Only behind the last document of a recovery is there a checkpoint. *)
FinishRecovery(q) ==
    /\ sq[q].pc = "recover"
    /\ \/ sq[q].todo = <<>>
       \/ Breaks("TokenWithFirstDocument") /\ ~sq[q].waiting
    /\ LET token == IF Breaks("ScanBeforeStreamOpened") THEN maj ELSE sq[q].next
       IN IF lease.holder # q
          THEN sq' = [sq EXCEPT ![q] = Off] /\ lease' = lease
          ELSE /\ lease' = [lease EXCEPT !.token = token, !.last = sq[q].upto]
               /\ sq' = IF sq[q].todo # <<>> THEN sq
                        ELSE [sq EXCEPT ![q] = [Off EXCEPT !.pc = "prepare", !.token = token,
                                                !.last = sq[q].upto, !.acked = sq[q].acked]]
    /\ UNCHANGED <<mongo, docs, young, kafka, consumer, left>>

(* The checkpoint follows; a term that was replaced learns it here. *)
Report(q) ==
    /\ sq[q].pc \in {"run", "insert"}
    /\ LET now == [holder |-> q, token |-> sq[q].ckToken, last |-> sq[q].ckLast,
                   acked |-> sq[q].acked]
       IN IF lease.holder = q
          THEN lease # now /\ lease' = now /\ sq' = sq
          ELSE sq' = [sq EXCEPT ![q] = Off] /\ lease' = lease
    /\ UNCHANGED <<mongo, docs, young, kafka, consumer, left>>

LoseToken ==
    /\ left.tokens > 0 /\ lease.token # None
    /\ left' = [left EXCEPT !.tokens = @ - 1]
    /\ lease' = [lease EXCEPT !.token = None]
    /\ UNCHANGED <<mongo, docs, young, sq, kafka, consumer>>

Crash(q) ==
    /\ left.crashes > 0 /\ sq[q].pc # "off"
    /\ left' = [left EXCEPT !.crashes = @ - 1]
    /\ sq' = [sq EXCEPT ![q] = Off]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer>>

-------------------------------------------------------------------------------
(* Kafka: sends are pipelined; each may fail, or arrive and be reported as failed. *)

Send(q, p) ==
    /\ sq[q].pc \in {"run", "insert"} /\ sq[q].bad = {}
    /\ sq[q].sent[p] < sq[q].last[p] /\ Len(sq[q].wire[p]) < Pipeline
    /\ LET pos == sq[q].sent[p] + 1
       IN sq' = [sq EXCEPT ![q].sent[p] = pos,
                           ![q].wire[p] = Append(@, <<pos, CommitAt(docs \cup young, p, pos)>>)]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer, left>>

Arrive(q, p) ==
    /\ sq[q].wire[p] # <<>>
    /\ kafka' = [kafka EXCEPT ![p] = Append(@, Head(sq[q].wire[p]))]
    /\ sq' = [sq EXCEPT ![q].wire[p] = Tail(@),
                        ![q].acked[p] = IF p \in sq[q].bad THEN @ ELSE Head(sq[q].wire[p])[1]]
    /\ UNCHANGED <<mongo, docs, young, lease, consumer, left>>

FailSend(q, p) ==
    /\ sq[q].wire[p] # <<>> /\ left.sends > 0
    /\ left' = [left EXCEPT !.sends = @ - 1]
    /\ \/ kafka' = kafka
       \/ kafka' = [kafka EXCEPT ![p] = Append(@, Head(sq[q].wire[p]))]
    /\ sq' = [sq EXCEPT ![q].wire[p] = Tail(@),
                        ![q].bad = IF Breaks("SendOnAfterError") THEN @ ELSE @ \cup {p}]
    /\ UNCHANGED <<mongo, docs, young, lease, consumer>>

EndTerm(q) ==
    /\ sq[q].bad # {}
    /\ sq' = [sq EXCEPT ![q] = Off]
    /\ UNCHANGED <<mongo, docs, young, lease, kafka, consumer, left>>

-------------------------------------------------------------------------------
(* The consumer: the position is compared and moved in the transaction of the effect. *)

Stand(o, p) ==
    /\ ~ow[o][p].placed /\ ow[o][p].off <= Len(kafka[p])
    /\ LET next == kafka[p][ow[o][p].off][1]
       IN ow' = [ow EXCEPT ![o][p].placed = TRUE, ![o][p].known = cp[p].pos,
                           ![o][p].written = cp[p].pos,
                           ![o][p].off = IF next > cp[p].pos + 1 THEN cp[p].off + 1 ELSE @]
    /\ UNCHANGED <<mongo, docs, young, lease, sq, kafka, cp, eff, left>>

(* w: the owner's place; m: the message at w.off, which is next, or is taken for it. *)
Apply(o, p, w, m) ==
    LET filled == w.hole # <<>> /\ m[1] >= w.hole[2] - 1
        hint == IF w.hole = <<>> THEN w.off ELSE w.hole[1] - 1
        after == [w EXCEPT !.known = m[1], !.hint = hint,
                           !.off = IF filled THEN w.hole[1] ELSE w.off + 1,
                           !.hole = IF filled THEN <<>> ELSE @]
        done == [after EXCEPT !.written = m[1], !.hint = 0]
        fenced == [NoPlace(IF m[1] > cp[p].pos + 1 \/ (w.hole # <<>> /\ ~filled)
                           THEN cp[p].off + 1
                           ELSE IF filled THEN w.hole[1] ELSE w.off)
                   EXCEPT !.placed = TRUE, !.known = cp[p].pos, !.written = cp[p].pos]
    IN IF m[2][1] \in Silent
       THEN ow' = [ow EXCEPT ![o][p] = after] /\ UNCHANGED <<cp, eff>>
       ELSE IF Breaks("PositionApartFromEffect")
       THEN /\ eff' = [eff EXCEPT ![p] = Append(@, m)]
            /\ ow' = [ow EXCEPT ![o][p].half = <<m[1], hint, done>>]
            /\ cp' = cp
       ELSE IF cp[p].pos = w.written \/ Breaks("PositionNotCompared")
       THEN /\ cp' = [cp EXCEPT ![p] = [pos |-> m[1], off |-> hint]]
            /\ eff' = [eff EXCEPT ![p] = Append(@, m)]
            /\ ow' = [ow EXCEPT ![o][p] = done]
       ELSE ow' = [ow EXCEPT ![o][p] = fenced] /\ UNCHANGED <<cp, eff>>

Read(o, p) ==
    /\ ow[o][p].placed /\ ow[o][p].half = <<>> /\ ow[o][p].off <= Len(kafka[p])
    /\ LET w == ow[o][p]
           m == kafka[p][w.off]
       IN IF m[1] <= w.known
          THEN ow' = [ow EXCEPT ![o][p].off = @ + 1] /\ UNCHANGED <<cp, eff>>
          ELSE IF m[1] = w.known + 1 \/ Breaks("ApplyOverAHole")
          THEN Apply(o, p, w, m)
          ELSE /\ ow' = [ow EXCEPT ![o][p].off = @ + 1,
                                   ![o][p].hole = IF @ = <<>> THEN <<w.off, m[1]>> ELSE @]
               /\ UNCHANGED <<cp, eff>>
    /\ UNCHANGED <<mongo, docs, young, lease, sq, kafka, left>>

(* Only with PositionApartFromEffect. *)
SecondHalf(o, p) ==
    /\ ow[o][p].half # <<>>
    /\ cp' = [cp EXCEPT ![p] = [pos |-> ow[o][p].half[1], off |-> ow[o][p].half[2]]]
    /\ ow' = [ow EXCEPT ![o][p] = ow[o][p].half[3]]
    /\ UNCHANGED <<mongo, docs, young, lease, sq, kafka, eff, left>>

(* Positions behind messages without an effect are written later. *)
Flush(o, p) ==
    /\ ow[o][p].placed /\ ow[o][p].known > ow[o][p].written
    /\ LET w == ow[o][p]
       IN IF cp[p].pos = w.written
          THEN /\ cp' = [cp EXCEPT ![p] = [pos |-> w.known, off |-> w.hint]]
               /\ ow' = [ow EXCEPT ![o][p].written = w.known, ![o][p].hint = 0]
          ELSE ow' = [ow EXCEPT ![o][p] = NoPlace(cp[p].off + 1)] /\ cp' = cp
    /\ UNCHANGED <<mongo, docs, young, lease, sq, kafka, eff, left>>

(* A rebalance or a crash: it starts again from the position document. *)
Forget(o, p) ==
    /\ left.forgets > 0 /\ ow[o][p] # NoPlace(cp[p].off + 1)
    /\ left' = [left EXCEPT !.forgets = @ - 1]
    /\ ow' = [ow EXCEPT ![o][p] = NoPlace(cp[p].off + 1)]
    /\ UNCHANGED <<mongo, docs, young, lease, sq, kafka, cp, eff>>

(* Reading starts again further back, and the process does not notice. *)
Rewind(o, p) ==
    /\ left.rewinds > 0 /\ ow[o][p].half = <<>>
    /\ left' = [left EXCEPT !.rewinds = @ - 1]
    /\ \E off \in 1 .. ow[o][p].off - 1 : ow' = [ow EXCEPT ![o][p].off = off]
    /\ UNCHANGED <<mongo, docs, young, lease, sq, kafka, cp, eff>>

-------------------------------------------------------------------------------
Writing == \E c \in Commits : Decide(c) \/ Open(c) \/ Commit(c)
Replicating == ReachMajority \/ (\E d \in young : DocumentReachesMajority(d))
Step(q) ==
    \/ Acquire(q) \/ Recover(q) \/ Prepare(q) \/ Take(q) \/ Insert(q) \/ Acknowledged(q)
    \/ GiveUp(q) \/ Finish(q) \/ FinishRecovery(q) \/ EndTerm(q)
Faults ==
    \/ Failover \/ LoseToken
    \/ \E q \in Sequencers : Crash(q) \/ \E p \in AllParts : FailSend(q, p)
    \/ \E o \in Owners, p \in AllParts : Forget(o, p) \/ Rewind(o, p)

Next ==
    \/ Writing \/ Replicating \/ Faults
    \/ \E q \in Sequencers :
        Step(q) \/ Report(q) \/ \E p \in AllParts : Send(q, p) \/ Arrive(q, p)
    \/ \E o \in Owners, p \in AllParts :
        Stand(o, p) \/ Read(o, p) \/ SecondHalf(o, p) \/ Flush(o, p)

Spec == Init /\ [][Next]_vars

Fair ==
    /\ Spec
    /\ WF_vars(Writing) /\ WF_vars(Replicating)
    /\ \A q \in Sequencers :
        /\ WF_vars(Step(q)) /\ WF_vars(Report(q))
        /\ \A p \in AllParts : WF_vars(Send(q, p)) /\ WF_vars(Arrive(q, p))
    /\ \A o \in Owners, p \in AllParts :
        WF_vars(Stand(o, p)) /\ WF_vars(Read(o, p)) /\ WF_vars(Flush(o, p))

-------------------------------------------------------------------------------
(* What must hold in every state. *)

NoVersionGap ==
    \A i \in 1 .. maj : log[i][2] > 1 => \E j \in 1 .. i : log[j] = <<log[i][1], log[i][2] - 1>>

Contiguous ==
    \A p \in AllParts : \A d \in Of(docs, p) :
        /\ d.first = 1 \/ \E e \in Of(docs, p) : e.last = d.first - 1
        /\ \A e \in Of(docs, p) : e # d => e.last < d.first \/ d.last < e.first

OnePositionPerCommit ==
    /\ \A d, e \in docs : d # e => Range(d.ids) \cap Range(e.ids) = {}
    /\ \A d \in docs : Cardinality(Range(d.ids)) = Len(d.ids)

OnlyWhatIsCommitted == Ids(docs) \subseteq {log[i] : i \in 1 .. maj}

(* b was decided with a in sight. *)
Before(a, b) ==
    \/ a[1] = b[1] /\ a[2] < b[2]
    \/ b[1] \in Followers /\ a = <<b[1] - 1, 1>>

Place(c) ==
    LET d == CHOOSE d \in docs : c \in Range(d.ids) IN <<d.first, IndexIn(d.ids, c)>>

OrderPerPart ==
    \A a, b \in Ids(docs) : PartOf(a) = PartOf(b) /\ Before(a, b) =>
        \/ Place(a)[1] < Place(b)[1]
        \/ Place(a)[1] = Place(b)[1] /\ Place(a)[2] < Place(b)[2]

(* The checkpoint may lag, never lead. *)
CheckpointIsTrue ==
    lease.token # None => \A i \in 1 .. lease.token : \E d \in docs :
        log[i] \in Range(d.ids) /\ d.last <= lease.last[d.part]

MarkIsTrue ==
    \A p \in AllParts : \A pos \in 1 .. lease.acked[p] :
        \E i \in DOMAIN kafka[p] : kafka[p][i][1] = pos

KafkaTellsTheLog ==
    \A p \in AllParts : \A i \in DOMAIN kafka[p] :
        LET m == kafka[p][i]
        IN (\E d \in docs : Covers(d, p, m[1])) /\ CommitAt(docs, p, m[1]) = m[2]

RECURSIVE Wanted(_, _)
Wanted(p, pos) ==
    IF pos = 0 THEN <<>>
    ELSE LET c == CommitAt(docs, p, pos)
         IN Wanted(p, pos - 1) \o (IF c[1] \in Silent THEN <<>> ELSE <<<<pos, c>>>>)

(* Once each, none left out, in order, and as far as the position says. *)
EveryEffectOnce == \A p \in AllParts : eff[p] = Wanted(p, cp[p].pos)

(* And in the end, when the faults are over. *)
Delivered ==
    /\ Range(log) = Commits /\ maj = Len(log) /\ Ids(docs) = Commits
    /\ lease.token = Len(log)
    /\ \A p \in AllParts : cp[p].pos = End(docs, p)

EverythingArrives == <>[]Delivered

(* Reachability: each of these must be violated, else the model could not move. *)
NothingIsDelivered == ~Delivered
==============================================================================
