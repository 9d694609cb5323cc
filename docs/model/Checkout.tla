------------------------------- MODULE Checkout -------------------------------
(* A checkout's stream and the holds that others keep for it. Vouchers stands for bonus  *)
(* too: both hold for an attempt and follow the stream. A stream's events are heard in   *)
(* order and once, which is what Log.tla shows. An attempt may be submitted, and then     *)
(* waits for its approval with what it holds. The code is checkout/order/decider.py,     *)
(* checkout/approval/*, vouchers/wallet/{hold,order}.py, vouchers/limit/* and            *)
(* vouchers/budget/*.                                                                    *)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Orders,    \* checkouts are 1 .. Orders
    Users,     \* a checkout's user is its number modulo Users
    Attempts,  \* most attempts of a checkout
    MaxUses,   \* of the campaign, by all users: a stream of its own
    MaxByUser, \* of the campaign, by one user: kept in the wallet
    Budget,    \* of the campaign, for the discounts of all users: a stream of its own
    MaxClock,  \* so far goes vouchers' clock: 0, 1 or 2, see `clock`
    Approvals, \* TRUE if what is held may be submitted instead of ordered
    Returns,   \* TRUE if orders may come back in parts
    Broken     \* names of the rules that are broken on purpose

VARIABLES
    stream,   \* by checkout: its events <<kind, attempt>>; a plain order has attempt 0
    heard,    \* by checkout: so many of them has vouchers heard
    answers,  \* <<checkout, attempt>>: an answer "held" that somebody may still read
    held,     \* by checkout: the attempt that holds a use in the wallet, or 0
    ended,    \* by checkout: the highest attempt that the wallet remembers as over, or 0
    redeemed, \* <<checkout, attempt>>: uses redeemed and not given back
    counted,  \* by checkout: the attempt that the campaign's limit counts, or 0
    returns,  \* <<checkout, attempt>>: uses released or given back, on their way to the limit
    replaced, \* <<checkout, attempt>> of these: a newer hold has given back its discount
    spent,    \* the discounts that the budget has reserved
    clock     \* by checkout and attempt: 0 before the deadline, 1 after it, 2 a day after it

vars == <<stream, heard, answers, held, ended, redeemed, counted, returns, replaced, spent, clock>>

Breaks(rule) == rule \in Broken
AllOrders == 1 .. Orders
AllAttempts == 1 .. Attempts
Max(a, b) == IF a > b THEN a ELSE b
UserOf(k) == k % Users
Discount(k) == k
RECURSIVE Sum(_)
Sum(orders) == IF orders = {} THEN 0
               ELSE LET k == CHOOSE k \in orders : TRUE IN Discount(k) + Sum(orders \ {k})

Init ==
    /\ stream = [k \in AllOrders |-> <<>>]
    /\ heard = [k \in AllOrders |-> 0]
    /\ answers = {} /\ redeemed = {} /\ returns = {}
    /\ held = [k \in AllOrders |-> 0]
    /\ ended = [k \in AllOrders |-> 0]
    /\ counted = [k \in AllOrders |-> 0]
    /\ replaced = {} /\ spent = 0
    /\ clock = [k \in AllOrders |-> [a \in AllAttempts |-> 0]]

-------------------------------------------------------------------------------
(* The checkout's stream. Appending is guarded by its version, so what is decided holds. *)

Last(k) == IF stream[k] = <<>> THEN <<"empty", 0>> ELSE stream[k][Len(stream[k])]
Runs(k, a) == Last(k) = <<"asked", a>>
Waits(k) == Last(k)[1] = "submitted"
InForce(k) == Last(k)[1] \in {"placed", "returned-in-part"}
Ordered(k) == InForce(k) \/ Last(k)[1] \in {"cancelled", "returned"}
Ending(k) == IF Last(k)[1] \in {"asked", "submitted"} THEN <<<<"taken-off", Last(k)[2]>>>> ELSE <<>>
Tell(k, events) ==
    /\ stream' = [stream EXCEPT ![k] = @ \o events]
    /\ UNCHANGED <<heard, answers, held, ended, redeemed, counted, returns, replaced, spent, clock>>

(* A new attempt ends the one before: another cart, another tab, a retry, or an approver *)
(* who changes what was submitted.                                                       *)
Ask(k) ==
    /\ ~Ordered(k) /\ Last(k)[2] < Attempts
    /\ Tell(k, Ending(k) \o <<<<"asked", Last(k)[2] + 1>>>>)

(* Another cart, or an approval that is refused or withdrawn. *)
TakeOff(k) == Last(k)[1] \in {"asked", "submitted"} /\ Tell(k, Ending(k))

(* The timer fires after the deadline, which lies days ahead for what is submitted;      *)
(* nothing else depends on when.                                                         *)
Lapse(k) == Last(k)[1] \in {"asked", "submitted"} /\ Tell(k, <<<<"lapsed", Last(k)[2]>>>>)

(* Whoever has the answer may submit instead of ordering. *)
Submit(k, a) == Approvals /\ <<k, a>> \in answers /\ Runs(k, a) /\ Tell(k, <<<<"submitted", a>>>>)

SubmittedEver(k, a) == \E i \in DOMAIN stream[k] : stream[k][i] = <<"submitted", a>>

(* The approval needs no answer: the hold was there when the attempt was submitted. *)
Approve(k, a) ==
    /\ Last(k) = <<"submitted", a>>
        \/ (Breaks("ApprovedAfterItsEnd") /\ SubmittedEver(k, a) /\ ~Ordered(k))
    /\ Tell(k, <<<<"placed", a>>>>)

(* Whoever has the answer may order, if the attempt still runs. *)
PlaceHeld(k, a) ==
    /\ <<k, a>> \in answers
    /\ Runs(k, a) \/ (Breaks("BlindRetry") /\ ~Ordered(k))
    /\ Tell(k, <<<<"placed", a>>>>)

PlacePlain(k) ==
    /\ ~Ordered(k) /\ ~Waits(k)
    /\ Tell(k, Ending(k) \o <<<<"placed", 0>>>>)

Cancel(k) == Last(k)[1] = "placed" /\ Tell(k, <<<<"cancelled", Last(k)[2]>>>>)

ReturnPart(k) == Returns /\ Last(k)[1] = "placed" /\ Tell(k, <<<<"returned-in-part", Last(k)[2]>>>>)

(* Counts as a cancellation. *)
ReturnAll(k) == Returns /\ InForce(k) /\ Tell(k, <<<<"returned", Last(k)[2]>>>>)

-------------------------------------------------------------------------------
(* Vouchers: requests come as often and as late as they like; answers may be lost. *)

Wallet(u) == {k \in AllOrders : UserOf(k) = u /\ (held[k] # 0 \/ \E r \in redeemed : r[1] = k)}
Has(k) == \E r \in redeemed : r[1] = k
AskedEver(k, a) == \E i \in DOMAIN stream[k] : stream[k][i] = <<"asked", a>>

IsOver(k, a) ==
    \/ clock[k][a] > 0 /\ ~Breaks("LateRequestsAreWelcome")
    \/ ended[k] >= a
    \/ held[k] > a /\ ~Breaks("OlderAttemptsSupersede")
    \/ Has(k)

RoomInWallet(k) == Cardinality(Wallet(UserOf(k)) \ {k}) < MaxByUser
RoomInLimit(k) == Cardinality({j \in AllOrders \ {k} : counted[j] # 0}) < MaxUses
Held(k) == IF held[k] = 0 THEN 0 ELSE Discount(k)
RoomInBudget(k) == spent - Held(k) + Discount(k) <= Budget

(* Wallet, limit and budget are written in one transaction. *)
Hold(k, a) ==
    /\ AskedEver(k, a) /\ held[k] # a /\ ~IsOver(k, a)
    /\ RoomInWallet(k)
    /\ RoomInLimit(k) \/ Breaks("LimitReadBeforeTheHold")
    /\ RoomInBudget(k) \/ Breaks("BudgetReadBeforeTheHold")
    /\ held' = [held EXCEPT ![k] = a]
    /\ ended' = [ended EXCEPT ![k] = Max(@, held[k])]
    /\ returns' = IF held[k] = 0 THEN returns ELSE returns \cup {<<k, held[k]>>}
    /\ counted' = [counted EXCEPT ![k] = a]
    /\ spent' = spent - Held(k) + Discount(k)
    /\ replaced' = IF held[k] = 0 THEN replaced ELSE replaced \cup {<<k, held[k]>>}
    /\ answers' = answers \cup {<<k, a>>}
    /\ UNCHANGED <<stream, heard, redeemed, clock>>

(* Limit and budget follow what the wallet let go. The limit knows which attempt counts,  *)
(* the budget is a sum: what a newer hold gave back is not given back again.             *)
Return(k, a) ==
    /\ <<k, a>> \in returns
    /\ returns' = returns \ {<<k, a>>}
    /\ replaced' = replaced \ {<<k, a>>}
    /\ spent' = IF <<k, a>> \in replaced /\ ~Breaks("ReplacedIsGivenBackAgain") THEN spent
                ELSE spent - Discount(k)
    /\ counted' = [counted EXCEPT ![k] = IF @ = a \/ Breaks("ReturnWithoutName") THEN 0 ELSE @]
    /\ UNCHANGED <<stream, heard, answers, held, ended, redeemed, clock>>

Remember(k, a) == IF Breaks("EndedAttemptsForgotten") THEN ended
                  ELSE [ended EXCEPT ![k] = Max(@, a)]

(* a: the attempt that is over. *)
EndAttempt(k, a) ==
    /\ IF held[k] # 0 /\ held[k] <= a
       THEN held' = [held EXCEPT ![k] = 0] /\ returns' = returns \cup {<<k, held[k]>>}
       ELSE UNCHANGED <<held, returns>>
    /\ ended' = Remember(k, a)
    /\ UNCHANGED redeemed

Redeem(k, a) ==
    /\ redeemed' = redeemed \cup {<<k, a>>}
    /\ held' = [held EXCEPT ![k] = 0]
    /\ returns' = IF held[k] \in {0, a} THEN returns ELSE returns \cup {<<k, held[k]>>}
    /\ ended' = IF held[k] = 0 THEN ended ELSE Remember(k, held[k])

GiveBack(k, a) ==
    /\ redeemed' = redeemed \ {<<k, a>>}
    /\ returns' = returns \cup ({<<k, a>>} \cap redeemed)
    /\ UNCHANGED <<held, ended>>

Hear(k) ==
    /\ heard[k] < Len(stream[k])
    /\ heard' = [heard EXCEPT ![k] = @ + 1]
    /\ LET event == stream[k][heard[k] + 1]
           a == event[2]
       IN CASE event[1] \in {"asked", "submitted"} -> UNCHANGED <<held, ended, redeemed, returns>>
            [] event[1] \in {"taken-off", "lapsed"} -> EndAttempt(k, a)
            [] event[1] = "placed" /\ a # 0 -> Redeem(k, a)
            [] event[1] = "placed" /\ a = 0 ->
                IF held[k] # 0 THEN EndAttempt(k, held[k])
                ELSE UNCHANGED <<held, ended, redeemed, returns>>
            [] event[1] \in {"cancelled", "returned"} -> GiveBack(k, a)
            [] event[1] = "returned-in-part" ->
                IF Breaks("PartsGiveBackTheUse") THEN GiveBack(k, a)
                ELSE UNCHANGED <<held, ended, redeemed, returns>>
    /\ UNCHANGED <<stream, answers, counted, replaced, spent, clock>>

-------------------------------------------------------------------------------
(* Vouchers' clock. Checkout's may differ by anything: Lapse does not look at this one. *)
Tick(k, a) ==
    /\ AskedEver(k, a) /\ clock[k][a] < MaxClock
    /\ \A b \in 1 .. a - 1 : clock[k][b] > clock[k][a]
    /\ clock' = [clock EXCEPT ![k][a] = @ + 1]
    /\ UNCHANGED <<stream, heard, answers, held, ended, redeemed, counted, returns, replaced, spent>>

Forget(k) ==
    /\ ended[k] # 0
    /\ clock[k][ended[k]] = 2 \/ Breaks("MemoryEndsBeforeTheDeadline")
    /\ ended' = [ended EXCEPT ![k] = 0]
    /\ UNCHANGED <<stream, heard, answers, held, redeemed, counted, returns, replaced, spent, clock>>

LetGo(k) ==
    /\ held' = [held EXCEPT ![k] = 0]
    /\ ended' = [ended EXCEPT ![k] = Max(@, held[k])]
    /\ returns' = returns \cup {<<k, held[k]>>}
    /\ UNCHANGED <<stream, heard, answers, redeemed, counted, replaced, spent, clock>>

(* Only with the rule broken: who holds looks at the clock. *)
ReleaseByClock(k) ==
    /\ Breaks("HoldReleasedByItsOwnClock")
    /\ held[k] # 0 /\ clock[k][held[k]] > 0
    /\ LetGo(k)

(* Only with the rule broken: another tab of the same checkout releases over HTTP. *)
ReleaseOverHttp(k) ==
    /\ Breaks("HoldReleasedOverHttp")
    /\ held[k] # 0 /\ Runs(k, held[k])
    /\ LetGo(k)

-------------------------------------------------------------------------------
Next ==
    \E k \in AllOrders :
        \/ Ask(k) \/ TakeOff(k) \/ Lapse(k) \/ PlacePlain(k) \/ Hear(k)
        \/ Cancel(k) \/ ReturnPart(k) \/ ReturnAll(k)
        \/ Forget(k) \/ ReleaseByClock(k) \/ ReleaseOverHttp(k)
        \/ \E a \in AllAttempts :
            PlaceHeld(k, a) \/ Submit(k, a) \/ Approve(k, a) \/ Hold(k, a) \/ Return(k, a) \/ Tick(k, a)

Spec == Init /\ [][Next]_vars

(* Buyers may leave at any time; timers fire and what is published is heard. *)
Fair ==
    /\ Spec
    /\ \A k \in AllOrders :
        /\ WF_vars(Lapse(k)) /\ WF_vars(Hear(k))
        /\ \A a \in AllAttempts : WF_vars(Return(k, a))

-------------------------------------------------------------------------------
Uses == {k \in AllOrders : held[k] # 0 \/ Has(k)}
OrderedWithIt == {k \in AllOrders : InForce(k) /\ Last(k)[2] # 0}
PromisedIt == OrderedWithIt \cup {k \in AllOrders : Waits(k)}

LimitNeverExceeded ==
    /\ Cardinality({k \in AllOrders : counted[k] # 0}) <= MaxUses
    /\ Cardinality(Uses \cup PromisedIt) <= MaxUses
    /\ \A u \in 0 .. Users - 1 :
        Cardinality({k \in Uses \cup PromisedIt : UserOf(k) = u}) <= MaxByUser

BudgetNeverExceeded ==
    /\ spent <= Budget
    /\ Sum(Uses \cup PromisedIt) <= Budget

(* What the budget has reserved is used, or its return is on the way. *)
BudgetIsTrue ==
    LET Returned(k) == {r \in returns \ replaced : r[1] = k}
        RECURSIVE Of(_)
        Of(orders) ==
            IF orders = {} THEN 0
            ELSE LET k == CHOOSE k \in orders : TRUE
                 IN Discount(k) * Cardinality(Returned(k)) + Of(orders \ {k})
    IN spent = Sum(Uses) + Of(AllOrders)

(* What was priced with a hold has it, however long an approval takes, until an order    *)
(* redeems it.                                                                           *)
NeverRobbed ==
    \A k \in PromisedIt : held[k] = Last(k)[2] \/ <<k, Last(k)[2]>> \in redeemed

NeverBoth == \A k \in AllOrders : ~(held[k] # 0 /\ Has(k))

(* Who has heard all holds nothing for an attempt that is over. *)
NothingHeldForEver ==
    \A k \in AllOrders : heard[k] = Len(stream[k]) /\ held[k] # 0 =>
        Last(k) \in {<<"asked", held[k]>>, <<"submitted", held[k]>>}

(* What the limit counts is used, or its return is on the way. *)
CountIsTrue ==
    \A k \in AllOrders :
        /\ held[k] # 0 => counted[k] = held[k]
        /\ Has(k) => <<k, counted[k]>> \in redeemed
        /\ counted[k] # 0 /\ ~(k \in Uses) => <<k, counted[k]>> \in returns

Fates == {"taken-off", "lapsed", "placed"}
OneFateEach ==
    \A k \in AllOrders : \A i, j \in DOMAIN stream[k] :
        i # j /\ stream[k][i][1] \in Fates /\ stream[k][j][1] \in Fates
        => stream[k][i][2] # stream[k][j][2]

(* An order ends once: it is cancelled, or returned. *)
OneEndEach ==
    \A k \in AllOrders :
        Cardinality({i \in DOMAIN stream[k] : stream[k][i][1] \in {"cancelled", "returned"}}) <= 1

EveryHoldEnds == \A k \in AllOrders : \A a \in AllAttempts : held[k] = a ~> held[k] # a
EveryUseReturns == \A k \in AllOrders : \A a \in AllAttempts : <<k, a>> \in returns ~> <<k, a>> \notin returns

(* Reachability: each of these must be violated, else the model could not move. *)
NothingIsOrdered == OrderedWithIt = {}
NothingIsApproved ==
    \A k \in AllOrders : \A a \in AllAttempts : ~(SubmittedEver(k, a) /\ Last(k) = <<"placed", a>>)
NothingIsHeldAgain == \A k \in AllOrders : ~(k \in Uses /\ held[k] > 1)
==============================================================================
