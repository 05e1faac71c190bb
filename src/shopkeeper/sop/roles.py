"""The roles the procedure names. What each may do is config/roles.py."""

from enum import StrEnum

from shopkeeper.shared.words import T


class Role(StrEnum):
    OPERATIONS_MANAGER = "operations_manager"
    OPERATIONS_SUPERVISOR = "operations_supervisor"
    PRODUCT_SPECIALIST = "product_specialist"
    ORDER_SPECIALIST = "order_specialist"
    DATA_SPECIALIST = "data_specialist"
    CAMPAIGN_SPECIALIST = "campaign_specialist"
    WAREHOUSE = "warehouse"
    CUSTOMER_SERVICE = "customer_service"
    MARKET = "market"
    DESIGN = "design"
    ENGINEERING = "engineering"
    FINANCE = "finance"


ROLE_WORDS: dict[str, T] = {
    Role.OPERATIONS_MANAGER: T("运营经理", "Operations manager"),
    Role.OPERATIONS_SUPERVISOR: T("运营主管", "Operations supervisor"),
    Role.PRODUCT_SPECIALIST: T("商品专员", "Product specialist"),
    Role.ORDER_SPECIALIST: T("订单专员", "Order specialist"),
    Role.DATA_SPECIALIST: T("数据专员", "Data specialist"),
    Role.CAMPAIGN_SPECIALIST: T("运营专员", "Campaign specialist"),
    Role.WAREHOUSE: T("仓储", "Warehouse"),
    Role.CUSTOMER_SERVICE: T("客服", "Customer service"),
    Role.MARKET: T("市场", "Market"),
    Role.DESIGN: T("设计", "Design"),
    Role.ENGINEERING: T("技术", "Engineering"),
    Role.FINANCE: T("财务", "Finance"),
    "system": T("系统", "System"),
}
