from sqlalchemy import create_engine
from settings import url


engine = create_engine(url)
