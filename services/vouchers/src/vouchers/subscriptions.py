"""Policies, read models and mails of vouchers."""

from vouchers.advertising.sender import SENDERS
from vouchers.assortment.view import CATALOGUE
from vouchers.campaign.uses import CAMPAIGN_USES
from vouchers.campaign.view import CAMPAIGNS
from vouchers.customer.policy import CUSTOMERS
from vouchers.dealer.shipping import SHIPPING
from vouchers.dealer.view import DEALERS
from vouchers.estimate.past_orders import PAST_ORDERS
from vouchers.limit.policy import LIMITS
from vouchers.mails import mails_of
from vouchers.newsletter.policy import SUBSCRIPTIONS
from vouchers.orderer.view import ORDERERS
from vouchers.participation.view import PARTICIPATIONS
from vouchers.statistics.revenue import REVENUE
from vouchers.statistics.view import CAMPAIGN_STATISTICS, DEALER_STATISTICS, USER_STATISTICS
from vouchers.unique_code.view import CODE_USES
from vouchers.wallet.policy import GRACES, ORDERS
from vouchers.wallet.redemptions import REDEEMED
from vouchers.wallet.view import VOUCHERS
from zugabe_events.domain.projection import AnyReadModel

POLICIES = (ORDERS, GRACES, LIMITS, CUSTOMERS, SENDERS, SUBSCRIPTIONS)
READ_MODELS: tuple[AnyReadModel, ...] = (
    CAMPAIGNS,
    CAMPAIGN_USES,
    PARTICIPATIONS,
    VOUCHERS,
    REDEEMED,
    DEALERS,
    SHIPPING,
    CAMPAIGN_STATISTICS,
    USER_STATISTICS,
    DEALER_STATISTICS,
    REVENUE,
    CATALOGUE,
    CODE_USES,
    PAST_ORDERS,
    ORDERERS,
)
MAILS = (mails_of(None),)
